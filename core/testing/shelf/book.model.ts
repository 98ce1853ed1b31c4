import { DataTypes, Model, type CreationOptional, type InferAttributes, type InferCreationAttributes, type Sequelize } from 'sequelize' // prettier-ignore

export class BookModel extends Model<InferAttributes<BookModel>, InferCreationAttributes<BookModel>> {
  declare tenantId: string
  declare id: string
  declare title: string
  declare pages: CreationOptional<number>
  declare version: CreationOptional<number>
}

export function initBook(sequelize: Sequelize): void {
  BookModel.init(
    {
      tenantId: { type: DataTypes.UUID, primaryKey: true },
      id: { type: DataTypes.UUID, primaryKey: true },
      title: DataTypes.TEXT,
      pages: { type: DataTypes.INTEGER, defaultValue: 1 },
      version: { type: DataTypes.INTEGER, defaultValue: 1 },
    },
    { sequelize, schema: 'shelf', tableName: 'books' },
  )
}
