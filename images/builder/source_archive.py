"""Source archives whose bytes depend only on their contents."""

import gzip
import io
import tarfile


def repack(path, time):
    """Rewrites a .tar.gz in place: sorted members, all with the same time (seconds since 1970), owner and mode."""
    with tarfile.open(path) as old:
        members = sorted(old.getmembers(), key=lambda member: member.name)
        contents = [(member, old.extractfile(member).read() if member.isfile() else b"") for member in members]
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
            for member, content in contents:
                new.addfile(plain(member, time), io.BytesIO(content))


def plain(member, time):
    info = tarfile.TarInfo(member.name)
    info.type = member.type
    info.size = member.size
    info.mtime = time
    info.mode = 0o755 if member.isdir() else 0o644
    return info
