import type { Sentence } from '#core'

/** What stands in App Home, in modals and beside answers. */
export const said = {
  hello: { da: 'Hej {name}', en: 'Hello {name}' },
  ask: {
    da: 'Skriv til mig her, eller nævn mig i en kanal.',
    en: 'Write to me here, or mention me in a channel.',
  },
  waiting: { da: 'Venter på dig', en: 'Waits for you' },
  noneWaiting: { da: 'Intet venter på dit svar.', en: 'Nothing waits for your answer.' },
  moreWaiting: { da: 'Se alle {count} i TekUp', en: 'See all {count} in TekUp' },
  running: { da: 'I gang', en: 'Under way' },
  recent: { da: 'Det har du spurgt om', en: 'What you asked lately' },
  noneRecent: { da: 'Du har ikke spurgt om noget endnu.', en: 'You have not asked anything yet.' },
  grants: { da: 'Det har du altid tilladt', en: 'What you always allow' },
  takeBack: { da: 'Tag tilbage', en: 'Take back' },
  takeBackSure: {
    da: 'Agenten spørger igen næste gang.',
    en: 'The agent asks again next time.',
  },
  quota: { da: 'Forbrug', en: 'Quota' },
  used: { da: '{percent} % brugt i {period}', en: '{percent}% used {period}' },
  month: { da: 'denne måned', en: 'this month' },
  day: { da: 'dag', en: 'today' },
  connect: {
    da: 'Din Slack-bruger er ikke forbundet med TekUp endnu. Skriv til mig under Beskeder, så får du et link.',
    en: 'Your Slack user is not connected with TekUp yet. Write to me under Messages, and you get a link.',
  },
  askTitle: { da: 'Spørg agenten', en: 'Ask the agent' },
  aboutThis: { da: 'Om denne besked', en: 'About this message' },
  question: { da: 'Dit spørgsmål', en: 'Your question' },
  send: { da: 'Spørg', en: 'Ask' },
  cancel: { da: 'Fortryd', en: 'Cancel' },
  asks: { da: '{person} spørger:', en: '{person} asks:' },
  notHere: {
    da: 'Jeg er ikke med i den kanal. Nævn mig dér, så jeg kan inviteres, eller skriv direkte til mig.',
    en: 'I am not in that channel. Mention me there to invite me, or write to me directly.',
  },
  good: { da: 'Godt svar', en: 'Good answer' },
  bad: { da: 'Dårligt svar', en: 'Bad answer' },
  thanks: { da: 'Tak. Det gør mig bedre.', en: 'Thank you. It makes me better.' },
  whyTitle: { da: 'Hvad var galt?', en: 'What was wrong?' },
  why: { da: 'Fortæl, hvad du havde ventet', en: 'Say what you had expected' },
  sendReason: { da: 'Send', en: 'Send' },
  onlyOwn: {
    da: 'Kun den, der spurgte, kan bedømme svaret.',
    en: 'Only whoever asked can judge the answer.',
  },
} satisfies Record<string, Sentence>
