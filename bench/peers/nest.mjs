import 'reflect-metadata'
import { Controller, Get, Headers, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { DataSource } from 'typeorm'
import { settings, underLoad } from '../servers/underLoad.mjs'
import { Company, Contact, Person, Tag, Tagging } from './entities.mjs'

// NestJS on Fastify with TypeORM doing the bare work: the tenant's transaction, the list, and nothing else.
// Decorators are called by hand, so that Node runs this as it stands.
const { runtimeUrl } = settings()

const source = new DataSource({
  type: 'postgres',
  url: runtimeUrl,
  entities: [Contact, Company, Person, Tagging, Tag],
  poolSize: 10,
})
await source.initialize()

class ContactsController {
  list(tenant) {
    return source.transaction(async (manager) => {
      await manager.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant])
      const items = await manager.find(Contact, {
        where: { tenantId: tenant },
        relations: { company: true, owner: true, taggings: { tag: true } },
        order: { createdAt: 'ASC', id: 'ASC' },
        take: 20,
      })
      return { items: items.map(shown) }
    })
  }
}

const shown = ({ company, owner, taggings, ...contact }) => ({
  ...contact,
  label: company ? `${contact.name} (${company.name})` : contact.name,
  companyName: company?.name ?? null,
  ownerName: owner?.name ?? null,
  tags: taggings.map(({ tag }) => tag.name),
})

const { prototype } = ContactsController
Headers('x-tenant')(prototype, 'list', 0)
Get('contacts')(prototype, 'list', Object.getOwnPropertyDescriptor(prototype, 'list'))
Controller()(ContactsController)

class BenchModule {}
Module({ controllers: [ContactsController] })(BenchModule)

const app = await NestFactory.create(BenchModule, new FastifyAdapter(), { logger: false })
await app.listen(0, '127.0.0.1')
underLoad(app.getHttpServer().address().port, async () => {
  await app.close()
  await source.destroy()
})
