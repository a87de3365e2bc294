/**
 * SameDiff to ONNX, with parity as a gate: a model is written only if onnxruntime computes with it what the trained graph computes.
 *
 * <p>{@link io.softq4j.onnx.OnnxExport} is the way in.
 */
package io.softq4j.onnx;
