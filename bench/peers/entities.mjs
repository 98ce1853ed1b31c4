import { EntitySchema } from 'typeorm'

const tenantId = { name: 'tenant_id', type: 'uuid', primary: true }
const id = { type: 'uuid', primary: true }
const text = { type: 'text', nullable: true }
const tenant = { name: 'tenant_id', referencedColumnName: 'tenantId' }

export const Company = new EntitySchema({
  name: 'Company',
  schema: 'crm',
  tableName: 'companies',
  columns: { tenantId, id, name: text },
})

export const Person = new EntitySchema({
  name: 'Person',
  schema: 'platform',
  tableName: 'people',
  columns: { id, name: text },
})

export const Tag = new EntitySchema({
  name: 'Tag',
  schema: 'crm',
  tableName: 'tags',
  columns: { tenantId, id, name: text },
})

export const Tagging = new EntitySchema({
  name: 'Tagging',
  schema: 'crm',
  tableName: 'contact_tags',
  columns: {
    tenantId,
    contactId: { name: 'contact_id', type: 'uuid', primary: true },
    tagId: { name: 'tag_id', type: 'uuid', primary: true },
  },
  relations: {
    contact: {
      type: 'many-to-one',
      target: 'Contact',
      inverseSide: 'taggings',
      joinColumn: [tenant, { name: 'contact_id', referencedColumnName: 'id' }],
    },
    tag: {
      type: 'many-to-one',
      target: 'Tag',
      joinColumn: [tenant, { name: 'tag_id', referencedColumnName: 'id' }],
    },
  },
})

export const Contact = new EntitySchema({
  name: 'Contact',
  schema: 'crm',
  tableName: 'contacts',
  columns: {
    tenantId,
    id,
    name: text,
    title: text,
    companyId: { ...text, name: 'company_id', type: 'uuid' },
    ownerId: { ...text, name: 'owner_id', type: 'uuid' },
    emails: { type: 'jsonb' },
    phones: { type: 'jsonb' },
    address: text,
    postcode: text,
    city: text,
    country: text,
    lastContactAt: { name: 'last_contact_at', type: 'timestamptz', nullable: true },
    createdAt: { name: 'created_at', type: 'timestamptz' },
    updatedAt: { name: 'updated_at', type: 'timestamptz' },
    version: { type: 'int' },
  },
  relations: {
    company: {
      type: 'many-to-one',
      target: 'Company',
      joinColumn: [tenant, { name: 'company_id', referencedColumnName: 'id' }],
    },
    owner: {
      type: 'many-to-one',
      target: 'Person',
      joinColumn: { name: 'owner_id', referencedColumnName: 'id' },
    },
    taggings: { type: 'one-to-many', target: 'Tagging', inverseSide: 'contact' },
  },
})
