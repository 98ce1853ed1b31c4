import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'
import type { Columns } from '../exchange/mapping/suggest.ts'

export class ImportModel extends Model<InferAttributes<ImportModel>, InferCreationAttributes<ImportModel>> {
  declare tenantId: string
  declare id: string
  declare fileName: string
  declare format: 'csv' | 'vcard'
  declare status: CreationOptional<'ready' | 'running' | 'finished' | 'cancelled'>
  declare headers: CreationOptional<string[]>
  declare columns: CreationOptional<Columns>
  declare source: CreationOptional<string | null>
  declare confidence: CreationOptional<number | null>
  declare delimiter: CreationOptional<string | null>
  declare encoding: CreationOptional<string | null>
  declare idSource: CreationOptional<string>
  declare whenKnown: CreationOptional<'update' | 'skip' | 'create'>
  declare total: CreationOptional<number>
  declare done: CreationOptional<number>
  declare created: CreationOptional<number>
  declare updated: CreationOptional<number>
  declare skipped: CreationOptional<number>
  declare failed: CreationOptional<number>
  declare personId: CreationOptional<string | null>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initImports(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, ARRAY, JSONB } = DataTypes
  ImportModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      fileName: TEXT,
      format: TEXT,
      status: TEXT,
      headers: ARRAY(TEXT),
      columns: JSONB,
      source: TEXT,
      confidence: INTEGER,
      delimiter: TEXT,
      encoding: TEXT,
      idSource: TEXT,
      whenKnown: TEXT,
      total: INTEGER,
      done: INTEGER,
      created: INTEGER,
      updated: INTEGER,
      skipped: INTEGER,
      failed: INTEGER,
      personId: UUID,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'imports', timestamps: false, underscored: true },
  )
}
