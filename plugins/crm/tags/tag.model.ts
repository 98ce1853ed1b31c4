import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

export class TagModel extends Model<InferAttributes<TagModel>, InferCreationAttributes<TagModel>> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initTags(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER } = DataTypes
  TagModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'tags', timestamps: false, underscored: true },
  )
}
