import { DataTypes, Model } from 'sequelize'
import type { CreationOptional, InferAttributes, InferCreationAttributes, Sequelize } from 'sequelize'

type Reference = CreationOptional<string | null>

export class TaskModel extends Model<InferAttributes<TaskModel>, InferCreationAttributes<TaskModel>> {
  declare tenantId: string
  declare id: string
  declare title: string
  declare dueOn: CreationOptional<string | null>
  declare dueAt: CreationOptional<Date | null>
  declare doneAt: CreationOptional<Date | null>
  declare ownerId: Reference
  declare contactId: Reference
  declare companyId: Reference
  declare dealId: Reference
  declare version: CreationOptional<number>
  declare updatedAt: CreationOptional<Date>
}

export function initTasks(sequelize: Sequelize): void {
  const { TEXT, UUID, DATE, DATEONLY, INTEGER } = DataTypes
  TaskModel.init(
    {
      tenantId: UUID,
      id: { type: UUID, primaryKey: true },
      title: TEXT,
      dueOn: DATEONLY,
      dueAt: DATE,
      doneAt: DATE,
      ownerId: UUID,
      contactId: UUID,
      companyId: UUID,
      dealId: UUID,
      version: INTEGER,
      updatedAt: DATE,
    },
    { sequelize, schema: 'crm', tableName: 'tasks', timestamps: false, underscored: true },
  )
}
