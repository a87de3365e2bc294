/**
 * Weights in and out of safetensors files and of model directories, single or in shards, as on the Hugging Face hub.
 *
 * <p>Format: 8 bytes little-endian length n, n bytes of JSON header, then the tensors' bytes, little-endian, row-major, without gaps
 * (<a href="https://huggingface.co/docs/safetensors">specification</a>).
 */
package io.softq4j.model.weights;
