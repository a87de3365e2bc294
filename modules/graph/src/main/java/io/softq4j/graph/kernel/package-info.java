/** SameDiff ops of ours: shapes, gradients and names. Their kernels are the devices', such as those of {@link io.softq4j.graph.cpu}. */
package io.softq4j.graph.kernel;
