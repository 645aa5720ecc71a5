// Where functions are found at run time: in the program that has loaded us, or in a library of the system.
#pragma once

#include <string>
#include <vector>

namespace tls::crypto {

// A program or library that has functions.
struct Image {
  const char* source;  // `node` or `system`
  void* handle;
};

// Gives what may have OpenSSL's functions, in the order in which it is asked. `tried` gets what cannot be opened, with the reason.
// Nothing is ever closed, which OpenSSL does not survive.
std::vector<Image> ImagesOfProcess(std::vector<std::string>* tried);

// Finds a function of an image. Gives what is wrong, or an empty text.
std::string FindFunction(const Image& image, const char* name, void** function);

// The file that holds a function.
std::string FileOf(const void* function);

}  // namespace tls::crypto
