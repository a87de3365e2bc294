package io.softq4j.graph.plan;

import io.softq4j.graph.cpu.CpuDevice;
import io.softq4j.graph.cpu.Nd4jKernel;
import io.softq4j.graph.device.Device;
import io.softq4j.graph.device.Kernels;
import io.softq4j.graph.device.Space;
import io.softq4j.graph.device.Work;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A GPU as ND4J's CUDA backend shows it: ops of ND4J alone, every array with a copy on either side, which are kept in step here. An arena
 * is of no use, so each value is an array of its own.
 */
final class Nd4jCuda implements Device {

    private final Kernels kernels = Kernels.of(name()).withStandard(new Nd4jKernel());

    @Override
    public String name() {
        return "cuda (ND4J)";
    }

    @Override
    public Kernels kernels() {
        return kernels;
    }

    /** Arrays of their own, freed together. */
    private static final class Own implements Space {

        private final List<INDArray> arrays = new ArrayList<>();

        @Override
        public long bytes() {
            return Long.MAX_VALUE;
        }

        @Override
        public INDArray array(DataType type, long[] shape, long offset) {
            INDArray array = Nd4j.createUninitialized(type, shape, 'c');
            arrays.add(array);
            return array;
        }

        @Override
        public void close() {
            arrays.forEach(INDArray::close);
            arrays.clear();
        }
    }

    @Override
    public Space allocate(long bytes) {
        return new Own();
    }

    @Override
    public Space probes() {
        return new Own();
    }

    @Override
    public INDArray resident(INDArray host) {
        return host;
    }

    @Override
    public INDArray visible(INDArray resident) {
        return resident;
    }

    /** The host's copy, which optimiser and caches write to, is copied over before the next use. */
    @Override
    public void toDevice(INDArray host, INDArray resident) {
        Nd4j.getAffinityManager().tagLocation(host, Location.HOST);
    }

    @Override
    public void toHost(INDArray resident, INDArray host) {
        Nd4j.getAffinityManager().ensureLocation(resident, Location.HOST);
    }

    /** By the host, on its copy. */
    @Override
    public Work clear(INDArray resident) {
        Work clear = CpuDevice.CPU.clear(resident);
        return () -> {
            clear.run();
            toDevice(resident, resident);
        };
    }

    /** By the host, on its copies. */
    @Override
    public Work add(INDArray sum, INDArray more) {
        Work add = CpuDevice.CPU.add(sum, more);
        return () -> {
            toHost(more, more);
            toHost(sum, sum);
            add.run();
            toDevice(sum, sum);
        };
    }
}
