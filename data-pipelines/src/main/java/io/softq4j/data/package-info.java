/**
 * From a JSON Lines corpus to token stores, as a DataVec pipeline: {@link io.softq4j.data.JsonLinesRecordReader} reads rows,
 * {@link io.softq4j.data.RenderTransform} makes prompt and response of them, {@link io.softq4j.data.TokenizeTransform} makes examples.
 * {@link io.softq4j.data.Preparation} runs it row by row. The only package that knows DataVec.
 */
package io.softq4j.data;
