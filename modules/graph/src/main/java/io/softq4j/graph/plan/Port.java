package io.softq4j.graph.plan;

import io.softq4j.graph.machine.Memory;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One value of a {@link Plan} as the host sees it, under a name looked up once: an input, to be written before a run, or an output, to be
 * read after it. Elements are counted in row-major order. Nothing here allocates off the heap. A value is of type int32, float32 or
 * float64; int32 is read and written as {@code int}, the others as {@code float} or {@code double}.
 */
public final class Port {

    private final Plan plan;
    private final String name;
    private final boolean input;
    private final long[] shape;
    private final DataType type;
    private final int length;
    private final IntBuffer ints;
    private final FloatBuffer floats;
    private final DoubleBuffer doubles;

    /** @throws IllegalArgumentException if the value is of another type, or larger than 2 GiB */
    Port(Plan plan, String name, boolean input, INDArray array) {
        this.plan = plan;
        this.name = name;
        this.input = input;
        shape = array.shape();
        type = array.dataType();
        length = Math.toIntExact(array.length());
        ints = type == DataType.INT ? Memory.ints(array) : null;
        doubles = type == DataType.DOUBLE ? Memory.doubles(array) : null;
        floats = ints == null && doubles == null ? Memory.floats(array) : null;
    }

    /** Its extents; empty for a scalar. */
    public long[] shape() {
        return shape.clone();
    }

    /** Number of elements. */
    public int length() {
        return length;
    }

    /** Overwrites an int32 input. @param values one for each element */
    public void write(int[] values) {
        requireAll(values.length);
        require(ints, "int").put(0, values);
    }

    /** Overwrites a float32 or float64 input. @param values one for each element */
    public void write(float[] values) {
        requireAll(values.length);
        if (doubles != null) {
            for (int i = 0; i < length; i++) {
                doubles.put(i, values[i]);
            }
        } else {
            require(floats, "float").put(0, values);
        }
    }

    /** Overwrites a float32 or float64 input of one element. */
    public void write(double value) {
        requireAll(1);
        put(0, value);
    }

    /** Overwrites one element of an int32 input. */
    public void put(int at, int value) {
        requireInput();
        require(ints, "int").put(at, value);
    }

    /** Overwrites one element of a float32 or float64 input. */
    public void put(int at, double value) {
        requireInput();
        if (doubles != null) {
            doubles.put(at, value);
        } else {
            require(floats, "float").put(at, (float) value);
        }
    }

    /** Overwrites {@code count} elements of a float32 input from {@code to} with those of another value from {@code from}, or its own. */
    public void copy(int to, Port source, int from, int count) {
        requireInput();
        source.plan.requireOpen();
        require(floats, "float").put(to, source.require(source.floats, "float"), from, count);
    }

    /** One element of a float32 or float64 value. */
    public double get(int at) {
        plan.requireOpen();
        return doubles != null ? doubles.get(at) : require(floats, "float").get(at);
    }

    /** Fills {@code into} with the elements of a float32 value from {@code from}. */
    public void read(int from, float[] into) {
        plan.requireOpen();
        require(floats, "float").get(from, into);
    }

    /** A copy of a float32 or float64 value. */
    public double[] read() {
        double[] copy = new double[length];
        for (int i = 0; i < length; i++) {
            copy[i] = get(i);
        }
        return copy;
    }

    private void requireInput() {
        plan.requireOpen();
        if (!input) {
            throw new IllegalArgumentException(name + " is computed by the plan; only inputs can be written");
        }
    }

    private void requireAll(int values) {
        requireInput();
        if (values != length) {
            throw new IllegalArgumentException(values + " values for " + name + ", which has " + length + " elements");
        }
    }

    private <B> B require(B buffer, String wanted) {
        if (buffer == null) {
            throw new IllegalArgumentException(name + " is of type " + type + ", not " + wanted);
        }
        return buffer;
    }
}
