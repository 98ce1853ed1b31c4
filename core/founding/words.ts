const example =
  'npm run company -- --name "Havneby Service ApS" --owner "Ida Holm" --email ida@havneby.example'

/** What whoever runs the product is told at the terminal. */
export const words = {
  da: {
    usage: `Skriv firmaets navn, ejerens navn og ejerens e-mail: ${example} (--language da eller en vælger sproget).`,
    password: 'Ejerens adgangskode (10 tegn eller flere; Enter finder på en): ',
    taken: (email: string) =>
      `${email} har allerede en konto: vælg en anden e-mail, eller lad ejeren blive inviteret fra siden.`,
    made: (name: string, email: string) => `${name} er oprettet, og ${email} kan logge ind som ejer.`,
    madeUp: (password: string) =>
      `Adgangskoden er ${password} (den vises kun her; bed ejeren om at skifte den).`,
  },
  en: {
    usage: `Give the company's name, the owner's name and the owner's email: ${example} (--language da or en chooses the language).`,
    password: "The owner's password (10 characters or more; Enter makes one up): ",
    taken: (email: string) =>
      `${email} has an account already: choose another email, or have the owner invited from the page.`,
    made: (name: string, email: string) => `${name} is made, and ${email} can sign in as its owner.`,
    madeUp: (password: string) =>
      `The password is ${password} (it is shown only here; ask the owner to change it).`,
  },
} as const
