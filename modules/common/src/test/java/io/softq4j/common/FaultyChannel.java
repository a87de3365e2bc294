package io.softq4j.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel of {@link FaultyFiles}: the write that fails leaves half its bytes in the file. */
final class FaultyChannel extends FileChannel {

    private final FileChannel real;
    private final FaultyFiles files;

    FaultyChannel(FileChannel real, FaultyFiles files) {
        this.real = real;
        this.files = files;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        try {
            files.change(true);
        } catch (IOException | FaultyFiles.Killed e) {
            real.write(bytes.duplicate().limit(bytes.position() + bytes.remaining() / 2));
            throw e;
        }
        return real.write(bytes);
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
        files.change(true);
        return real.write(bytes, position);
    }

    @Override
    public long write(ByteBuffer[] bytes, int offset, int length) throws IOException {
        files.change(true);
        return real.write(bytes, offset, length);
    }

    @Override
    public void force(boolean metaData) throws IOException {
        files.change(false);
        real.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
        files.change(true);
        real.truncate(size);
        return this;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
        return real.read(bytes);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
        return real.read(bytes, position);
    }

    @Override
    public long read(ByteBuffer[] bytes, int offset, int length) throws IOException {
        return real.read(bytes, offset, length);
    }

    @Override
    public long position() throws IOException {
        return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
        real.position(position);
        return this;
    }

    @Override
    public long size() throws IOException {
        return real.size();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
        return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
        files.change(true);
        return real.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
        return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
        return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return real.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        real.close();
    }
}
