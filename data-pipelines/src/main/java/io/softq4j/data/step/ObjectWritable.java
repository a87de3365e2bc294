package io.softq4j.data.step;

import org.datavec.api.writable.Writable;
import org.datavec.api.writable.WritableType;

/** A DataVec value that holds a Java object between two steps, so that it is not written to bytes and read again in between. */
abstract class ObjectWritable implements Writable {

    private static final long serialVersionUID = 1;

    @Override
    public final double toDouble() {
        throw noNumber();
    }

    @Override
    public final float toFloat() {
        throw noNumber();
    }

    @Override
    public final int toInt() {
        throw noNumber();
    }

    @Override
    public final long toLong() {
        throw noNumber();
    }

    private UnsupportedOperationException noNumber() {
        return new UnsupportedOperationException(getClass().getSimpleName() + " is not a number");
    }

    @Override
    public final WritableType getType() {
        return WritableType.Bytes;
    }
}
