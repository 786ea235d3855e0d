//! Why an archive of tiles cannot be used.

/// Why an archive cannot be used: each sentence says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveFault {
    /// The system does not read it.
    #[error("it cannot be read ({0}). Correct the path and the rights of the file")]
    Unreadable(#[from] std::io::Error),
    /// It is some other file.
    #[error("it is no PMTiles file. Write the path of a file that ends in .pmtiles")]
    Other,
    /// Another version of the format.
    #[error("it is PMTiles version {0}; version 3 is read. Convert it with: pmtiles convert OLD NEW")]
    Version(u8),
    /// Something in it is packed in a way that is not read.
    #[error("{0} are packed with something else than gzip. Write the file again with gzip")]
    Packing(&'static str),
    /// Its squares are nothing that browsers draw.
    #[error("its tiles are neither vector tiles (MVT) nor PNG, JPEG, WebP or AVIF pictures. Write the file again")]
    Kind,
    /// It contradicts itself.
    #[error("it is damaged: {0}. Copy or make the file again")]
    Damaged(&'static str),
    /// Something in it is larger than any map needs.
    #[error("a part of it is larger than 4 MiB, or 16 MiB unpacked. Make the file again with smaller tiles")]
    TooLarge,
}
