import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

type Text = CreationOptional<string | null>

export class AssignmentRuleModel extends Model<
  InferAttributes<AssignmentRuleModel>,
  InferCreationAttributes<AssignmentRuleModel>
> {
  declare tenantId: string
  declare id: string
  declare name: string
  declare priority: number
  declare field: Text
  declare operator: Text
  declare value: Text
  declare owners: string[]
  declare active: CreationOptional<boolean>
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initAssignmentRules(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, INTEGER, BOOLEAN, ARRAY } = DataTypes
  AssignmentRuleModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      name: TEXT,
      priority: INTEGER,
      field: TEXT,
      operator: TEXT,
      value: TEXT,
      owners: ARRAY(UUID),
      active: BOOLEAN,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'leads', tableName: 'assignment_rules', timestamps: false, underscored: true },
  )
}
