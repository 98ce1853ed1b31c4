import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

export class ScoringRuleModel extends Model<
  InferAttributes<ScoringRuleModel>,
  InferCreationAttributes<ScoringRuleModel>
> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare per: string
  declare field: string
  declare operator: string
  declare value: CreationOptional<string | null>
  declare points: number
  declare active: CreationOptional<boolean>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initScoringRules(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, BOOLEAN } = DataTypes
  ScoringRuleModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      per: TEXT,
      field: TEXT,
      operator: TEXT,
      value: TEXT,
      points: INTEGER,
      active: BOOLEAN,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'leads', tableName: 'scoring_rules', timestamps: false, underscored: true },
  )
}
