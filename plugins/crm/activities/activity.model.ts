import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

type Reference = CreationOptional<string | null>

export class ActivityModel extends Model<
  InferAttributes<ActivityModel>,
  InferCreationAttributes<ActivityModel>
> {
  declare tenantId: string
  declare id: string
  declare kind: string
  declare subject: string
  declare body: CreationOptional<string | null>
  declare at: Date
  declare contactId: Reference
  declare companyId: Reference
  declare dealId: Reference
  declare personId: Reference
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initActivities(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER } = DataTypes
  ActivityModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      kind: TEXT,
      subject: TEXT,
      body: TEXT,
      at: DATE,
      contactId: UUID,
      companyId: UUID,
      dealId: UUID,
      personId: UUID,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'activities', timestamps: false, underscored: true },
  )
}
