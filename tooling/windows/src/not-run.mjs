/** What no run here can show, and why. */
export const never = [
  'a real Windows: Wine has its own SChannel, over GnuTLS, and its own CryptoAPI',
  'Wine 8 as a server, and over TLS 1.3: its SChannel has neither',
];
