/// What things are called. The marketplace is in Egypt: names and searches are in Arabic and English.
enum Words {
  struct Governorate {
    let english: String, arabic: String, region: String, latitude: Double, longitude: Double
    init(_ english: String, _ arabic: String, _ region: String, _ latitude: Double, _ longitude: Double) {
      self.english = english
      self.arabic = arabic
      self.region = region
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// By number of shops.
  static let governorates: [Governorate] = [
    .init("Cairo", "القاهرة", "Greater Cairo", 30.04, 31.24), .init("Giza", "الجيزة", "Greater Cairo", 30.01, 31.21),
    .init("Alexandria", "الإسكندرية", "Alexandria", 31.20, 29.92), .init("Qalyubia", "القليوبية", "Greater Cairo", 30.41, 31.21),
    .init("Sharqia", "الشرقية", "Delta", 30.59, 31.50), .init("Dakahlia", "الدقهلية", "Delta", 31.04, 31.38),
    .init("Beheira", "البحيرة", "Delta", 30.85, 30.34), .init("Gharbia", "الغربية", "Delta", 30.87, 31.03),
    .init("Monufia", "المنوفية", "Delta", 30.60, 30.99), .init("Minya", "المنيا", "Upper Egypt", 28.09, 30.76),
    .init("Sohag", "سوهاج", "Upper Egypt", 26.56, 31.70), .init("Asyut", "أسيوط", "Upper Egypt", 27.18, 31.18),
    .init("Kafr El Sheikh", "كفر الشيخ", "Delta", 31.11, 30.94), .init("Faiyum", "الفيوم", "Upper Egypt", 29.31, 30.84),
    .init("Beni Suef", "بني سويف", "Upper Egypt", 29.07, 31.10), .init("Qena", "قنا", "Upper Egypt", 26.16, 32.72),
    .init("Ismailia", "الإسماعيلية", "Canal", 30.60, 32.27), .init("Damietta", "دمياط", "Delta", 31.42, 31.81),
    .init("Port Said", "بورسعيد", "Canal", 31.26, 32.30), .init("Suez", "السويس", "Canal", 29.97, 32.53),
    .init("Aswan", "أسوان", "Upper Egypt", 24.09, 32.90), .init("Luxor", "الأقصر", "Upper Egypt", 25.69, 32.64),
    .init("Red Sea", "البحر الأحمر", "Frontier", 27.26, 33.81), .init("Matrouh", "مطروح", "Frontier", 31.35, 27.24),
    .init("North Sinai", "شمال سيناء", "Frontier", 31.13, 33.80), .init("New Valley", "الوادي الجديد", "Frontier", 25.44, 30.55),
    .init("South Sinai", "جنوب سيناء", "Frontier", 28.24, 33.62),
  ]

  static let holidays: [(day: String, name: String)] = [
    ("2021-05-01", "Labour Day"), ("2021-05-02", "Orthodox Easter"), ("2021-05-03", "Sham el-Nessim"), ("2021-05-13", "Eid al-Fitr"),
    ("2021-05-14", "Eid al-Fitr"), ("2021-05-15", "Eid al-Fitr"), ("2021-06-30", "30 June"), ("2021-07-19", "Arafat Day"),
    ("2021-07-20", "Eid al-Adha"), ("2021-07-21", "Eid al-Adha"), ("2021-07-22", "Eid al-Adha"), ("2021-07-23", "Revolution Day"),
    ("2021-08-10", "Islamic New Year"), ("2021-10-06", "Armed Forces Day"), ("2021-10-19", "Prophet's Birthday"),
  ]

  static let shopFirst = ["بقالة", "سوبر ماركت", "ماركت", "كشك", "Mini Market", "Grocery", "هايبر", "عطارة"]
  static let shopSecond = [
    "الأمل", "النور", "الرحمة", "المدينة", "السلام", "الفتح", "Al Amal", "Al Nour", "El Madina", "البركة", "الصفا", "Al Fath", "الهدى",
    "Nile", "القدس",
  ]
  static let shopKinds = ["grocery", "kiosk", "minimarket", "supermarket", "pharmacy", "cafe"]
  static let districts = ["North", "South", "East", "West", "Old Town", "New City", "Station", "Market"]
  static let supplierKinds = ["wholesaler", "distributor", "producer", "importer"]
  /// Promised delivery in hours, by kind of supplier.
  static let promisedHours = [24, 36, 48, 72]
  static let supplierFirst = ["Delta", "Nile", "Canal", "Oasis", "Red Sea", "Pyramid", "Lotus", "Sinai", "Upper Egypt", "Alex"]
  static let supplierSecond = ["Foods", "Trading", "Wholesale", "Distribution", "Beverages", "Supplies", "Group", "Import"]

  static let brands: [(english: String, arabic: String)] = [
    ("Nile Gold", "نايل جولد"), ("Deltana", "دلتانا"), ("Pyramida", "بيراميدا"), ("Lotusy", "لوتسي"), ("Saharina", "صحارينا"),
    ("Karnaka", "كرناكا"),
    ("Rosetto", "روزيتو"), ("Sphinxo", "سفينكسو"), ("Fayoumi", "فيومي"), ("Siwana", "سيوانا"), ("Oasia", "أوازيا"), ("Marsana", "مرسانا"),
    ("Helwa", "حلوة"), ("Zamalka", "زمالكا"), ("Tibana", "طيبانا"), ("Sukkari", "سكري"),
  ]

  struct Family {
    let category: String, english: String, arabic: String, sizes: [String]
    init(_ category: String, _ english: String, _ arabic: String, _ sizes: [String]) {
      self.category = category
      self.english = english
      self.arabic = arabic
      self.sizes = sizes
    }
  }

  static let families: [Family] = [
    .init("Beverages", "Cola", "كولا", ["330 ml", "1 l", "2.25 l"]), .init("Grocery", "Sugar", "سكر", ["1 kg", "5 kg"]),
    .init("Grocery", "Rice", "أرز", ["1 kg", "5 kg"]), .init("Snacks", "Potato Chips", "شيبسي", ["30 g", "75 g", "140 g"]),
    .init("Beverages", "Tea", "شاي", ["100 g", "250 g"]), .init("Oils", "Sunflower Oil", "زيت عباد الشمس", ["800 ml", "2.2 l"]),
    .init("Dairy", "Milk", "لبن", ["500 ml", "1 l"]), .init("Beverages", "Mango Juice", "عصير مانجو", ["235 ml", "1 l"]),
    .init("Grocery", "Pasta", "مكرونة", ["400 g", "1 kg"]), .init("Snacks", "Biscuits", "بسكويت", ["40 g", "120 g"]),
    .init("Beverages", "Water", "مياه", ["600 ml", "1.5 l"]), .init("Canned", "Tuna", "تونة", ["140 g", "185 g"]),
    .init("Dairy", "White Cheese", "جبنة بيضاء", ["250 g", "500 g"]), .init("Cleaning", "Detergent", "مسحوق غسيل", ["1 kg", "4 kg"]),
    .init("Oils", "Ghee", "سمنة", ["700 g", "1.5 kg"]), .init("Snacks", "Chocolate", "شوكولاتة", ["25 g", "90 g"]),
    .init("Canned", "Tomato Paste", "صلصة", ["300 g", "360 g"]), .init("Beverages", "Coffee", "قهوة", ["100 g", "200 g"]),
    .init("Dairy", "Yoghurt", "زبادي", ["105 g", "180 g"]), .init("Cleaning", "Dish Soap", "صابون أطباق", ["500 ml", "1 l"]),
    .init("Personal Care", "Shampoo", "شامبو", ["200 ml", "400 ml"]), .init("Personal Care", "Soap", "صابون", ["75 g", "125 g"]),
    .init("Paper", "Tissues", "مناديل", ["200 ct", "550 ct"]), .init("Baby", "Diapers", "حفاضات", ["20 ct", "60 ct"]),
  ]

  static let units = ["carton", "shrink", "bag", "box"]
  static let promotions: [(code: String, text: String, percent: Int)] = [
    ("RAMADAN10", "Ten percent off for Ramadan", 1000), ("WELCOME5", "First orders", 500),
    ("EID15", "Fifteen percent off for the feast", 1500),
    ("SNACKS7", "Snacks and biscuits", 750), ("BULK3", "Large baskets", 300), ("SUMMER8", "Cold drinks", 800),
    ("FRIDAY5", "Fridays only", 500),
    ("DELTA6", "Shops in the Delta", 600), ("SAEED6", "Shops in Upper Egypt", 600), ("NEWAPP4", "Orders from the new application", 400),
    ("BACK2SCHOOL", "School season", 1000), ("LOYAL12", "For loyal shops", 1200),
  ]
  static let payments = ["cash", "cash", "cash", "cash", "cash", "cash", "cash", "wallet", "card", "credit"]

  static let devices: [(model: String, os: String)] = [
    ("SM-A125F", "Android"), ("SM-A525F", "Android"), ("Redmi Note 9", "Android"), ("SM-A107F", "Android"), ("RMX3085", "Android"),
    ("M2006C3LG", "Android"), ("CPH2185", "Android"), ("iPhone11,8", "iOS"), ("HUAWEI Y7 Prime", "Android"), ("Infinix X657", "Android"),
    ("iPhone12,1", "iOS"), ("SM-G991B", "Android"), ("Nokia 3.4", "Android"), ("iPhone13,2", "iOS"), ("POCO X3 NFC", "Android"),
  ]
  static let versions = ["4.12.0", "4.11.2", "4.12.1", "4.10.0", "4.9.7", "4.13.0-beta"]
  static let campaigns = [
    "ramadan_2021_push", "ramadan_2021_sms", "fb_retarget_q2", "fb_lookalike_q2", "google_brand", "google_generic", "referral",
    "whatsapp_bulk_may",
  ]

  static let outcomes = ["order", "no_order", "closed", "order", "no_order", "complaint", "order", "follow_up"]
  static let notes = [
    "طلب زيادة كميات السكر والزيت", "Owner asked for longer credit", "المحل مغلق وقت الزيارة", "شكوى من تأخر التوصيل",
    "Wants the new chips stand",
    "العميل سعيد بالأسعار الجديدة", "Late delivery twice last week, complaint passed on", "محتاج عروض على المشروبات",
    "Damaged cartons, asked for a refund",
    "اتفقنا على طلب يوم الخميس", "Competitor offers cheaper rice", "تم تدريب العميل على التطبيق", "App did not open, reinstalled it",
    "منتج منتهي الصلاحية، مرتجع",
    "Will order after payday", "سأل عن حفاضات الأطفال",
  ]
}
