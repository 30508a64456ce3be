/** Functions and classes that open, read or write files. */
export const FILE_FUNCTIONS: ReadonlySet<string> = new Set([
  'PIL.Image.open',
  'aiofiles.open',
  'builtins.open',
  'bz2.open',
  'codecs.open',
  'gzip.open',
  'io.FileIO',
  'io.open',
  'lzma.open',
  'numpy.load',
  'numpy.loadtxt',
  'numpy.save',
  'openpyxl.load_workbook',
  'os.fdopen',
  'os.open',
  'os.read',
  'os.write',
  'pandas.read_csv',
  'pandas.read_excel',
  'pandas.read_json',
  'pandas.read_parquet',
  'pathlib.Path.open',
  'shutil.copy',
  'shutil.copy2',
  'shutil.copyfile',
  'shutil.copytree',
  'shutil.move',
  'tarfile.open',
  'tempfile.NamedTemporaryFile',
  'tempfile.TemporaryFile',
  'tempfile.mkstemp',
  'zipfile.ZipFile',
])

/** Methods that only paths have. */
export const PATH_METHODS: ReadonlySet<string> = new Set(['read_bytes', 'read_text', 'write_bytes', 'write_text'])

/** Methods of an open file that read or write. */
export const FILE_METHODS: ReadonlySet<string> = new Set(['flush', 'read', 'readinto', 'readline', 'readlines', 'write', 'writelines'])

/** Classes of open files. */
export const FILE_CLASSES: ReadonlySet<string> = new Set([
  'io.BufferedRandom',
  'io.BufferedReader',
  'io.BufferedWriter',
  'io.FileIO',
  'io.TextIOWrapper',
  'typing.BinaryIO',
  'typing.IO',
  'typing.TextIO',
])
