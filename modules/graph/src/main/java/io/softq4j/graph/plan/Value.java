package io.softq4j.graph.plan;

import io.softq4j.graph.machine.Memory;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A value of a graph while it is planned: type and shape, and in the end the arrays that hold it. */
final class Value {

    /** Where a value comes from. */
    enum Source {
        /** Written by the caller before a run. */
        INPUT,
        /** A variable of the graph, read where it is. */
        VARIABLE,
        /** A constant, or computed from constants and shapes alone: known when the plan is made. */
        FIXED,
        /** Computed at every run. */
        COMPUTED
    }

    final String name;
    final DataType type;
    final long[] shape;
    final Source source;
    /** The value whose memory this one shows under another shape, or null. */
    final Value alias;
    /** The host's array of an input, a variable, or what is fixed; null for what is computed. */
    INDArray host;
    /** The device's array; null until it is known, after placement. */
    INDArray array;

    Value(String name, DataType type, long[] shape, Source source, Value alias) {
        this.name = name;
        this.type = type;
        this.shape = shape;
        this.source = source;
        this.alias = alias;
    }

    static Value computed(String name, DataType type, long[] shape) {
        return new Value(name, type, shape, Source.COMPUTED, null);
    }

    static Value fixed(String name, INDArray array) {
        Value value = new Value(name, array.dataType(), array.shape(), Source.FIXED, null);
        value.host = array;
        return value;
    }

    /** @throws IllegalArgumentException if the array is not stored row by row */
    static Value variable(String name, INDArray array) {
        if (!Memory.isRowMajor(array)) {
            throw new IllegalArgumentException("variable " + name + " is not stored row by row; give it the array's dup('c')");
        }
        Value value = new Value(name, array.dataType(), array.shape(), Source.VARIABLE, null);
        value.host = array;
        return value;
    }

    /** The value that owns the memory. */
    Value root() {
        return alias == null ? this : alias.root();
    }

    long elements() {
        long n = 1;
        for (long extent : shape) {
            n = Math.multiplyExact(n, extent);
        }
        return n;
    }

    long bytes() {
        return Math.multiplyExact(elements(), (long) type.width());
    }

    @Override
    public String toString() {
        return name + " " + type + Arrays.toString(shape);
    }
}
