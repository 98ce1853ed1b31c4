import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'
import type { StoredEmail, StoredPhone } from './reach.ts'

type Text = CreationOptional<string | null>

export class ContactModel extends Model<
  InferAttributes<ContactModel>,
  InferCreationAttributes<ContactModel>
> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare title: Text
  declare companyId: Text
  declare ownerId: Text
  declare emails: CreationOptional<StoredEmail[]>
  declare phones: CreationOptional<StoredPhone[]>
  declare address: Text
  declare postcode: Text
  declare city: Text
  declare country: Text
  declare lastContactAt: CreationOptional<Date | null>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initContacts(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, JSONB } = DataTypes
  ContactModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      title: TEXT,
      companyId: UUID,
      ownerId: UUID,
      emails: JSONB,
      phones: JSONB,
      address: TEXT,
      postcode: TEXT,
      city: TEXT,
      country: TEXT,
      lastContactAt: DATE,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'contacts', timestamps: false, underscored: true },
  )
}
