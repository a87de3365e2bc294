/**
 * This package continues prompts: {@link io.softq4j.generation.DecodingSession} runs a model row by row, a
 * {@link io.softq4j.generation.Decoding} chooses the tokens of one prompt, and {@link io.softq4j.generation.Generator} assigns rows to
 * prompts.
 */
package io.softq4j.generation;
