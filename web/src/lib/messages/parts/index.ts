/** The sentences about parts of TekUp, for the page that switches them and for what stands where one is off. */
export const partsMessages = { da: () => import('./da.json'), en: () => import('./en.json') }
