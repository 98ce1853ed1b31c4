import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'
import type { FormField } from './fields.ts'

type Text = CreationOptional<string | null>

export class FormModel extends Model<InferAttributes<FormModel>, InferCreationAttributes<FormModel>> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare publicKey: string
  declare secret: string
  declare sourceId: Text
  declare origins: CreationOptional<string[]>
  declare fields: FormField[]
  declare consentVersion: CreationOptional<number | null>
  declare language: CreationOptional<string>
  declare intro: Text
  declare thanksText: Text
  declare thanksUrl: Text
  declare redirects: CreationOptional<string[]>
  declare guard: CreationOptional<string>
  declare leastSeconds: CreationOptional<number>
  declare open: CreationOptional<boolean>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initForms(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, BOOLEAN, ARRAY, JSONB } = DataTypes
  FormModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      publicKey: TEXT,
      secret: TEXT,
      sourceId: UUID,
      origins: ARRAY(TEXT),
      fields: JSONB,
      consentVersion: INTEGER,
      language: TEXT,
      intro: TEXT,
      thanksText: TEXT,
      thanksUrl: TEXT,
      redirects: ARRAY(TEXT),
      guard: TEXT,
      leastSeconds: INTEGER,
      open: BOOLEAN,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'leads', tableName: 'forms', timestamps: false, underscored: true },
  )
}
