package io.tidemark.shipper.checkpoint;

import io.tidemark.engine.io.Disk;
import io.tidemark.engine.io.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A disk that counts the files that were opened since it was told to forget. */
final class OpenedFiles implements Disk {
    private final Disk disk;
    private final Set<Path> opened = new HashSet<>();

    OpenedFiles(Disk disk) {
        this.disk = disk;
    }

    void forget() {
        opened.clear();
    }

    int opened() {
        return opened.size();
    }

    @Override
    public DiskFile open(Path file) throws IOException {
        opened.add(file);
        return disk.open(file);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return disk.exists(path);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
        return disk.usableBytes(directory);
    }
}
