package io.softq4j.benchmark.peer;

import io.softq4j.benchmark.ModelShape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A training step as a TorchScript archive: the code of a module without state, which gets everything as arguments. Written in the form that
 * {@code torch.jit.save} writes, so that a PyTorch without its C++ interface can run it.
 */
final class TorchScript {

    private TorchScript() {
    }

    /**
     * Writes an archive.
     *
     * @param step body of {@code forward(self, ids, positions, targets, parameters, exp_avg, exp_avg_sq, steps) -> Tensor}
     */
    static void write(Path file, ModelShape shape, double learningRate, double maxGradNorm) throws IOException {
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            entry(zip, "step/data.pkl", module());
            entry(zip, "step/code/__torch__.py", code(shape, learningRate, maxGradNorm).getBytes(StandardCharsets.UTF_8));
            entry(zip, "step/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            entry(zip, "step/version", "10\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void entry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /** Python pickle of an instance of {@code __torch__.Step} whose one attribute, {@code training}, is true. */
    private static byte[] module() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] name = "training".getBytes(StandardCharsets.UTF_8);
        out.writeBytes(new byte[] {(byte) 0x80, 2});
        out.writeBytes("c__torch__\nStep\n".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {')', (byte) 0x81, '}', '(', 'X', (byte) name.length, 0, 0, 0});
        out.writeBytes(name);
        out.writeBytes(new byte[] {(byte) 0x88, 'u', 'b', '.'});
        return out.toByteArray();
    }

    private static String code(ModelShape shape, double learningRate, double maxGradNorm) {
        StringBuilder code = new StringBuilder();
        code.append("class Step(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + "  def forward(self: __torch__.Step,\n    ids: Tensor,\n    positions: Tensor,\n    targets: Tensor,\n"
                + "    p: List[Tensor],\n    exp_avg: List[Tensor],\n    exp_avg_sq: List[Tensor],\n    steps: List[Tensor]) -> Tensor:\n");
        int d = shape.width();
        int at = 2;
        line(code, "x0 = torch.view(torch.add(torch.embedding(p[0], ids), torch.embedding(p[1], positions)), [%d, %d])", shape.tokens(), d);
        for (int layer = 0; layer < shape.layers(); layer++, at += PeerWeights.BLOCK.size()) {
            line(code, "a%d = torch.layer_norm(x%<d, [%d], p[%d], p[%d])", layer, d, at, at + 1);
            line(code, "b%d = torch.view(torch.addmm(p[%d], a%<s, p[%d]), [%d, %d, %d])".replace("a%<s", "a" + layer), layer, at + 3, at + 2,
                    shape.rows(), shape.length(), 3 * d);
            line(code, "q%1$d, k%1$d, v%1$d, = torch.split(b%1$d, %2$d, 2)", layer, d);
            String heads = "torch.transpose(torch.view(%s" + layer + ", [" + shape.rows() + ", " + shape.length() + ", " + shape.heads() + ", "
                    + d / shape.heads() + "]), 1, 2)";
            String qkv = Stream.of("q", "k", "v").map(name -> String.format(Locale.ROOT, heads, name)).collect(Collectors.joining(", "));
            line(code, "c%d = torch.scaled_dot_product_attention(" + qkv + ", None, 0., True)", layer);
            line(code, "y%1$d = torch.view(torch.contiguous(torch.transpose(c%1$d, 1, 2)), [%2$d, %3$d])", layer, shape.tokens(), d);
            line(code, "z%1$d = torch.add(x%1$d, torch.addmm(p[%2$d], y%1$d, p[%3$d]))", layer, at + 5, at + 4);
            line(code, "e%1$d = torch.layer_norm(z%1$d, [%2$d], p[%3$d], p[%4$d])", layer, d, at + 6, at + 7);
            line(code, "h%1$d = torch.gelu(torch.addmm(p[%2$d], e%1$d, p[%3$d]), approximate=\"tanh\")", layer, at + 9, at + 8);
            line(code, "x%4$d = torch.add(z%1$d, torch.addmm(p[%2$d], h%1$d, p[%3$d]))", layer, at + 11, at + 10, layer + 1);
        }
        line(code, "f = torch.layer_norm(x%d, [%d], p[%d], p[%d])", shape.layers(), d, at, at + 1);
        line(code, "loss = torch.cross_entropy_loss(torch.matmul(f, torch.t(p[0])), targets)");
        line(code, "gs = torch.grad([loss], p)");
        line(code, "g = annotate(List[Tensor], [])");
        line(code, "w = annotate(List[Tensor], [])");
        line(code, "norms = annotate(List[Tensor], [])");
        line(code, "for i in range(torch.len(p)):");
        line(code, "  gi = torch._unwrap_optional(gs[i])");
        line(code, "  _a = torch.append(g, gi)");
        line(code, "  _b = torch.append(norms, torch.norm(gi))");
        line(code, "  _c = torch.append(w, torch.detach(p[i]))");
        line(code, "norm = torch.norm(torch.stack(norms))");
        line(code, "factor = torch.clamp(torch.mul(torch.reciprocal(torch.add(norm, 1e-6)), %s), None, 1.)", maxGradNorm);
        line(code, "for j in range(torch.len(p)):");
        line(code, "  _d = torch.mul_(g[j], factor)");
        line(code, "  _e = torch.add_(steps[j], 1)");
        line(code, "_f = torch._fused_adamw_(w, g, exp_avg, exp_avg_sq, annotate(List[Tensor], []), steps, lr=%s, beta1=0.9, beta2=0.999, "
                + "weight_decay=0., eps=1e-08, amsgrad=False, maximize=False)", learningRate);
        line(code, "return torch.detach(loss)");
        return code.toString();
    }

    private static void line(StringBuilder code, String format, Object... values) {
        code.append("    ").append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
