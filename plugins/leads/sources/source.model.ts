import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

export class SourceModel extends Model<InferAttributes<SourceModel>, InferCreationAttributes<SourceModel>> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare channel: string
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initSources(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER } = DataTypes
  SourceModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      channel: TEXT,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'leads', tableName: 'sources', timestamps: false, underscored: true },
  )
}
