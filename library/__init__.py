"""Where tracks come from and playlists go: file importers, Spotify, feature sources, the store."""
