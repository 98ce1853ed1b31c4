import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

type Text = CreationOptional<string | null>

export class CompanyModel extends Model<
  InferAttributes<CompanyModel>,
  InferCreationAttributes<CompanyModel>
> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare cvr: Text
  declare domain: Text
  declare email: Text
  declare phone: Text
  declare address: Text
  declare postcode: Text
  declare city: Text
  declare country: Text
  declare ownerId: Text
  declare lastContactAt: CreationOptional<Date | null>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initCompanies(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER } = DataTypes
  CompanyModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      cvr: TEXT,
      domain: TEXT,
      email: TEXT,
      phone: TEXT,
      address: TEXT,
      postcode: TEXT,
      city: TEXT,
      country: TEXT,
      ownerId: UUID,
      lastContactAt: DATE,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'companies', timestamps: false, underscored: true },
  )
}
