/**
 * Continuing prompts: {@link io.softq4j.generation.DecodingSession} runs a model row by row, a {@link io.softq4j.generation.Decoding}
 * chooses the tokens of one prompt, {@link io.softq4j.generation.Generator} gives the rows out.
 */
package io.softq4j.generation;
