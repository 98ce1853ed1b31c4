import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

export class ViewModel extends Model<InferAttributes<ViewModel>, InferCreationAttributes<ViewModel>> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare resource: string
  declare query: Record<string, unknown>
  declare ownerId: CreationOptional<string | null>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initViews(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, JSONB } = DataTypes
  ViewModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      resource: TEXT,
      query: JSONB,
      ownerId: UUID,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'views', timestamps: false, underscored: true },
  )
}
