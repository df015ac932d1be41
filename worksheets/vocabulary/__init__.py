"""Read themes, the words of sheets, from TOML; a sheet's number draws one."""
