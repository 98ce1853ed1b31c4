import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

type Text = CreationOptional<string | null>

export class DealModel extends Model<InferAttributes<DealModel>, InferCreationAttributes<DealModel>> {
  declare tenantId: string
  declare id: string
  declare title: string
  declare pipelineId: string
  declare stageId: string
  declare stageSince: Date
  declare status: 'open' | 'won' | 'lost'
  declare companyId: Text
  declare contactId: Text
  declare ownerId: Text
  /** Minor units of `currency`. */
  declare amount: CreationOptional<number>
  declare currency: CreationOptional<string>
  declare ownProbability: CreationOptional<number | null>
  declare expectedCloseOn: Text
  declare closedAt: CreationOptional<Date | null>
  declare lostReason: Text
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

/** How long a deal stood in a stage; a row is opened when it comes and closed when it leaves. */
export class DealStageModel extends Model<
  InferAttributes<DealStageModel>,
  InferCreationAttributes<DealStageModel>
> {
  declare tenantId: string
  declare id: string
  declare dealId: string
  declare enteredAt: Date
  declare stageId: string
  declare leftAt: CreationOptional<Date | null>
}

export function initDeals(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, DATEONLY, INTEGER, BIGINT } = DataTypes
  const settings = { sequelize, schema: 'crm', timestamps: false, underscored: true }
  DealModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      title: TEXT,
      pipelineId: UUID,
      stageId: UUID,
      stageSince: DATE,
      status: TEXT,
      companyId: UUID,
      contactId: UUID,
      ownerId: UUID,
      amount: BIGINT,
      currency: TEXT,
      ownProbability: INTEGER,
      expectedCloseOn: DATEONLY,
      closedAt: DATE,
      lostReason: TEXT,
      version: INTEGER,
      updatedAt: DATE,
    },
    { ...settings, tableName: 'deals' },
  )
  DealStageModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      dealId: UUID,
      enteredAt: DATE,
      stageId: UUID,
      leftAt: DATE,
    },
    { ...settings, tableName: 'deal_stages' },
  )
}
