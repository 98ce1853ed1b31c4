import { getOperation, listOperation } from '#core'
import { companies } from './company.ts'

export const listCompanies = listOperation(companies, {
  name: 'crm.companies.list',
  summary: 'List or search companies (customers), also those not talked to since a given time',
})

export const getCompany = getOperation(companies, {
  name: 'crm.companies.get',
  summary: 'Show one company with its CVR number, address, owner and last contact',
})
