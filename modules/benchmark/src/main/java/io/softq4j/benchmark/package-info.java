/** {@code softq benchmark}: the engine beside PyTorch and ONNX Runtime, each in a process of its own. */
package io.softq4j.benchmark;
