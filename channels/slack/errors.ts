import { defineErrors } from '#core'

/** What Slack's operations refuse beyond the core's codes. */
export const slackErrors = defineErrors('slack', {
  no_app: {
    status: 409,
    da: 'Der er ingen Slack-app at installere. Tilføj firmaets egen, eller bed driften om at sætte SLACK_CLIENT_ID.',
    en: 'There is no Slack app to install. Add the company’s own, or ask whoever runs TekUp to set SLACK_CLIENT_ID.',
  },
  install_expired: {
    status: 409,
    da: 'Installationen blev begyndt for længe siden, i en anden browser eller af en anden. Begynd forfra.',
    en: 'The installation was begun too long ago, in another browser or by somebody else. Begin again.',
  },
  not_installed: {
    status: 409,
    da: 'Slack installerede ikke appen ({reason}). Prøv igen, eller se efter, at appens id og hemmeligheder passer.',
    en: 'Slack did not install the app ({reason}). Try again, or check that the app’s id and secrets are right.',
  },
  other_app: {
    status: 409,
    da: 'Slack installerede appen {installed}, men hemmelighederne er skrevet til {expected}. Ret appens id.',
    en: 'Slack installed the app {installed}, but the secrets were written for {expected}. Correct the app’s id.',
  },
  workspace_taken: {
    status: 409,
    da: 'Slack-workspacet {name} er forbundet med et andet firma her. Det skal afbrydes dér først.',
    en: 'The Slack workspace {name} is connected to another company here. It must be disconnected there first.',
  },
  app_in_use: {
    status: 409,
    da: 'Appen er installeret i et workspace. Afbryd det først.',
    en: 'The app is installed in a workspace. Disconnect that first.',
  },
  app_unheard: {
    status: 409,
    da: 'Appen mangler sin Signing Secret eller et App-Level Token. Skriv en af dem.',
    en: 'The app lacks its signing secret or an app-level token. Write one of them.',
  },
  foreign_address: {
    status: 409,
    da: 'Adressen er ikke TekUps egen. Brug den rigtige, eller bed driften om at sætte PUBLIC_URL.',
    en: 'The address is not TekUp’s own. Use the right one, or ask whoever runs TekUp to set PUBLIC_URL.',
  },
  link_over: {
    status: 409,
    da: 'Linket er brugt, udløbet eller ikke til dig. Skriv til TekUp i Slack for at få et nyt.',
    en: 'The link was used, has expired or is not for you. Write to TekUp in Slack to get a new one.',
  },
})
