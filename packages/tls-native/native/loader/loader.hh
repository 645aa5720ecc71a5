// How functions are found at run time: in the program that runs us, as Node exports the functions of its own OpenSSL, or in a library of the
// system.
#pragma once

#include <string>

namespace tls::loader {

// A program or a library. None is ever closed, which OpenSSL does not survive.
using Image = void*;

// Whether the system has an OpenSSL that programs may open: Windows has none, and macOS ends a program that opens the one that it once had.
#if defined(_WIN32) || defined(__APPLE__)
inline constexpr bool kSystemHasOpenSsl = false;
#else
inline constexpr bool kSystemHasOpenSsl = true;
#endif

// Gives the program that runs us, with the libraries that it was linked with.
Image Program();

// Loads a library of the system. Where the C library can do that, its calls stay in it and in what it needs, whatever the program exports.
// On failure null; `problem` then says why.
Image Open(const std::string& file, std::string* problem);

// Finds a function. Gives what is wrong, or an empty text. A function whose own calls would go to another copy is refused.
std::string Find(Image image, const char* name, void** function);

// Gives the file that holds a function. It may be relative where that is the program.
std::string FileOf(const void* function);

}  // namespace tls::loader
