/**
 * This package exports SameDiff graphs to ONNX. A model is written only if ONNX Runtime computes the same with it as the trained graph
 * does.
 *
 * <p>{@link io.softq4j.onnx.OnnxExport} is the entry point.
 */
package io.softq4j.onnx;
