/** Gives what of two lists is only in one, as one line for each. */
export function differences(verb, found, expected) {
  return [
    ...expected.filter((each) => !found.includes(each)).map((each) => `${each} is not ${verb}`),
    ...found.filter((each) => !expected.includes(each)).map((each) => `${each} is ${verb}, and should not be`),
  ];
}
