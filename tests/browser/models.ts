import { describe, expect, test } from 'vitest'
import { enter, withPage, type BrowserWorld } from './world.ts'

const anna = 'anna@nordlys.example'
const mikkel = 'mikkel@nordlys.example'
const key = 'sk-hemmelig-noegle-fra-siden-4711'

export function describeModels(world: BrowserWorld): void {
  describe('language models', () => {
    test('an owner adds one, reads what its test said, and never sees the key again', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, anna)
        await page.goto(`${world.product.address}/settings/models`)
        await page.getByRole('button', { name: 'Tilføj model' }).click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('button', { name: 'Gem og afprøv' }).click()
        await dialog.getByRole('alert').getByText('Skriv et navn og en model.').waitFor()
        await dialog.getByLabel('Navn').fill('Vores server')
        await dialog.getByLabel('Model', { exact: true }).fill('llama3.1:8b')
        await dialog.getByLabel('Adresse').fill('http://127.0.0.1:9/v1')
        await dialog.getByLabel('Nøgle').fill(key)
        await dialog.getByRole('button', { name: 'Gem og afprøv' }).click()
        await page.getByText('127.0.0.1 bliver ikke kaldt herfra').waitFor()
        await page.getByText('nøgle …4711').waitFor()
        await page.reload()
        await page.getByRole('button', { name: 'Ret Vores server' }).click()
        await page.getByText('Nøglen, der ender på 4711, er gemt.').waitFor()
        expect(await page.content()).not.toContain(key)
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Fjern Vores server' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Fjern' }).click()
        await page.getByText('Installationens egne modeller').waitFor()
      })
    })

    test('an employee is not shown the way there', async () => {
      await withPage(world, async (page) => {
        await enter(page, world, mikkel)
        await page.goto(`${world.product.address}/settings/people`)
        await page.getByRole('link', { name: 'Din konto' }).waitFor()
        expect(await page.getByRole('link', { name: 'Sprogmodeller' }).count()).toBe(0)
      })
    })
  })
}
