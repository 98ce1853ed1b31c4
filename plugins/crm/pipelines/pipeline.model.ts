import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

export class PipelineModel extends Model<
  InferAttributes<PipelineModel>,
  InferCreationAttributes<PipelineModel>
> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare standard: CreationOptional<boolean>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export class StageModel extends Model<InferAttributes<StageModel>, InferCreationAttributes<StageModel>> {
  declare tenantId: string
  declare id: string
  declare pipelineId: string
  declare key: string
  declare name: string
  declare aliases: string[]
  declare kind: 'open' | 'won' | 'lost'
  declare probability: number
  declare place: number
}

export function initPipelines(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, BOOLEAN, ARRAY } = DataTypes
  const settings = { sequelize, schema: 'crm', timestamps: false, underscored: true }
  PipelineModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      standard: BOOLEAN,
      version: INTEGER,
      updatedAt: DATE,
    },
    { ...settings, tableName: 'pipelines' },
  )
  StageModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      pipelineId: UUID,
      key: TEXT,
      name: TEXT,
      aliases: ARRAY(TEXT),
      kind: TEXT,
      probability: INTEGER,
      place: INTEGER,
    },
    { ...settings, tableName: 'stages' },
  )
}
