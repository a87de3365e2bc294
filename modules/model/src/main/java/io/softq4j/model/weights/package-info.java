/**
 * This package reads and writes weights in safetensors files and in model directories, in one file or in shards, as on the Hugging Face
 * hub.
 *
 * <p>Format: 8 bytes little-endian length n, n bytes of JSON header, then the tensors' bytes, little-endian, row-major, without gaps
 * (<a href="https://huggingface.co/docs/safetensors">specification</a>).
 */
package io.softq4j.model.weights;
