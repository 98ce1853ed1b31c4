import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'
import type { LeadStatus } from './status.ts'

type Text = CreationOptional<string | null>

export class LeadModel extends Model<InferAttributes<LeadModel>, InferCreationAttributes<LeadModel>> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare email: Text
  declare phone: Text
  declare companyName: Text
  declare title: Text
  declare city: Text
  declare message: Text
  declare answers: CreationOptional<Record<string, string>>
  declare status: CreationOptional<LeadStatus>
  declare statusSince: CreationOptional<Date>
  declare statusReason: Text
  declare ownerId: Text
  declare sourceId: Text
  declare captures: CreationOptional<number>
  declare lastCapturedAt: CreationOptional<Date>
  declare contactId: Text
  declare companyId: Text
  declare dealId: Text
  declare convertedAt: CreationOptional<Date | null>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initLeads(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, JSONB } = DataTypes
  LeadModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      email: TEXT,
      phone: TEXT,
      companyName: TEXT,
      title: TEXT,
      city: TEXT,
      message: TEXT,
      answers: JSONB,
      status: TEXT,
      statusSince: DATE,
      statusReason: TEXT,
      ownerId: UUID,
      sourceId: UUID,
      captures: INTEGER,
      lastCapturedAt: DATE,
      contactId: UUID,
      companyId: UUID,
      dealId: UUID,
      convertedAt: DATE,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'leads', tableName: 'leads', timestamps: false, underscored: true },
  )
}
