package io.softq4j.graph.plan;

import io.softq4j.graph.device.Work;

/**
 * One thing a plan does in a run.
 *
 * @param kind    as in a profile
 * @param flops   floating-point operations
 * @param traffic bytes read and written, each operand once
 * @param work    does it
 */
record Step(String kind, long flops, long traffic, Work work) {
}
