package io.softq4j.data;

import io.softq4j.tokens.Example;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.datavec.api.writable.BytesWritable;

/**
 * An {@link Example} as a DataVec value: its n ids as little-endian int32, then n mask bytes, 1 where scored. An
 * {@code NDArrayWritable} would cost off-heap memory and ten microseconds a row.
 */
final class ExampleBytes {

    private ExampleBytes() {
    }

    static BytesWritable write(Example example) {
        ByteBuffer bytes = ByteBuffer.allocate(5 * example.length()).order(ByteOrder.LITTLE_ENDIAN);
        for (int id : example.ids()) {
            bytes.putInt(id);
        }
        for (boolean scored : example.response()) {
            bytes.put((byte) (scored ? 1 : 0));
        }
        return new BytesWritable(bytes.array());
    }

    static Example read(BytesWritable value) {
        ByteBuffer bytes = ByteBuffer.wrap(value.getContent()).order(ByteOrder.LITTLE_ENDIAN);
        int[] ids = new int[bytes.capacity() / 5];
        boolean[] response = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes.getInt(4 * i);
            response[i] = bytes.get(4 * ids.length + i) == 1;
        }
        return new Example(ids, response);
    }
}
