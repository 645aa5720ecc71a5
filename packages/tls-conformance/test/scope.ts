/** Whether suites that take minutes run whole (`npm run test:whole`), and not as the sample that `npm test` takes. */
export const isWhole = process.env['TEST_SCOPE'] === 'whole';
