/**
 * The largest RSA modulus, in bits. The time of a verification grows with the square of the modulus, and with the exponent's length; that of a
 * signature grows with its cube, and is 50 ms with this one.
 */
export const maxModulusBits = 8192;
