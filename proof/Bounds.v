(* That the bounds of Cost.v hold: for every n the circuit of a program has no more wires, and no
   gate has more wires or weights, than the reading says. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis Lowering.
From TC0 Require Import Invariant Operations Soundness Cost.
Import ListNotations.
Open Scope nat_scope.

(* ---- sums and weights ---- *)

(* A sum of numbers that are at most k. *)
Lemma sum_le {A} (f : A -> nat) l k : (forall a, In a l -> f a <= k) ->
  list_sum (map f l) <= length l * k.
Proof.
  induction l; simpl; auto. intro H. specialize (IHl (fun b B => H b (or_intror B))).
  specialize (H a (or_introl eq_refl)). lia.
Qed.

(* A sum over a list of lists. *)
Lemma sum_flat {A B} (f : B -> nat) (g : A -> list B) l :
  list_sum (map f (flat_map g l)) = list_sum (map (fun a => list_sum (map f (g a))) l).
Proof. induction l; simpl; auto. rewrite map_app, list_sum_app. auto. Qed.

(* The weights of two lists. *)
Lemma wsize_app {A} (a b : list (Z * A)) : wsize (a ++ b) = wsize a + wsize b.
Proof. unfold wsize. now rewrite map_app, list_sum_app. Qed.

(* The weights of a longer list. *)
Lemma wsize_cons {A} w (a : A) ws : wsize ((w, a) :: ws) = Z.abs_nat w + wsize ws.
Proof. reflexivity. Qed.

(* Scaled weights. *)
Lemma wsize_scale {A} k (ws : list (Z * A)) : wsize (wscale k ws) = Z.abs_nat k * wsize ws.
Proof.
  unfold wsize, wscale. induction ws; simpl; [lia |].
  rewrite IHws, Zabs2Nat.inj_mul. lia.
Qed.

(* The weights of a product. *)
Lemma wsize_pairs m a b : wsize (pairs (wconj m) a b) = wsize a * wsize b.
Proof.
  unfold pairs. induction a as [| [w x] a IH]; simpl; auto. rewrite wsize_app, IH.
  enough (E : wsize (map (wconj m (w, x)) b) = Z.abs_nat w * wsize b)
    by (rewrite E; unfold wsize; simpl; lia).
  clear. unfold wsize. induction b; simpl; [lia |].
  rewrite IHb, Zabs2Nat.inj_mul. lia.
Qed.

(* Weighted sums do not reach more than the sum of the weights. *)
Lemma most_wsize {A} (ws : list (Z * A)) : (0 <= most ws <= Z.of_nat (wsize ws))%Z.
Proof. unfold wsize. induction ws as [| [w a] ws IH]; simpl; lia. Qed.

(* ---- the invariant ---- *)

Local Arguments nmax : simpl never.
Local Arguments nadd : simpl never.
Local Arguments nmul : simpl never.
Local Arguments nc : simpl never.
Local Arguments cev : simpl never.

(* Whether a gate keeps to bounds. *)
Definition fair (n : nat) (b : bulk) (t : tree) : Prop :=
  length (kids t) <= cev (b_fan b) n /\
  match t with
  | TThr ws a =>
    length ws <= cev (b_thr b) n /\ wsize ws <= cev (b_weight b) n /\ Z.abs_nat a <= cev (b_at b) n
  | _ => True
  end.

(* Whether a sum has at most k literals, weights of the sum w, and the constant c. *)
Definition slim (k w c : nat) (s : sum) : Prop :=
  length (snd s) <= k /\ wsize (snd s) <= w /\ Z.abs_nat (fst s) <= c.

(* What is known (s, c) of a lowered value agrees with its literals, its weights, and the gates
   behind its literals. *)
Record Cinv (n : nat) (s : st) (c : cost) (v : val) : Prop := mkCinv {
  j_low : forall i, slim (cev (s_nt s) n) (cev (c_sum c) n) (cev (c_const c) n) (v_low v i);
  j_gate : forall i l, In l (v_sup v i) -> fair n (c_gate c) (snd l) }.

(* The sum of a list of sums. *)
Lemma slim_sum l k w c : (forall s, In s l -> slim k w c s) ->
  slim (length l * k) (length l * w) (length l * c) (ssum l).
Proof.
  unfold slim. induction l as [| s l IH]; intro H; [cbn; lia |].
  destruct IH as (A & B & C); [intros; apply H; now right |].
  destruct (H s (or_introl eq_refl)) as (D & E & F).
  simpl. rewrite app_length, wsize_app. lia.
Qed.

(* The sum of two sums. *)
Lemma slim_add k w c a k' w' c' b :
  slim k w c a -> slim k' w' c' b -> slim (k + k') (w + w') (c + c') (sadd a b).
Proof. unfold slim. cbn [sadd fst snd]. rewrite app_length, wsize_app. lia. Qed.

(* A scaled sum. *)
Lemma slim_scale z q k w c a :
  Z.abs_nat z <= q -> slim k w c a -> slim k (q * w) (q * c) (sscale z a).
Proof.
  unfold slim. cbn [sscale fst snd]. rewrite wsize_scale, Zabs2Nat.inj_mul.
  unfold wscale. rewrite map_length. intros Q (A & B & C).
  split; [auto | split; now apply Nat.mul_le_mono].
Qed.

(* The product of two sums. *)
Lemma slim_mul m k w c a k' w' c' b : slim k w c a -> slim k' w' c' b ->
  slim (k + (k' + k * k')) (c' * w + (c * w' + w * w')) (c * c') (smul m a b).
Proof.
  unfold slim. cbn [smul fst snd].
  rewrite !app_length, !wsize_app, !wsize_scale, wsize_pairs, length_pairs, Zabs2Nat.inj_mul.
  unfold wscale. rewrite !map_length. intros (A & B & C) (A' & B' & C').
  repeat split; repeat apply Nat.add_le_mono; auto; now apply Nat.mul_le_mono.
Qed.

(* An element of a table, if those in its box are slim. *)
Lemma slim_table k w c ds f : (forall i, inb ds i = true -> slim k w c (f i)) ->
  forall i, slim k w c (table szero ds f i).
Proof.
  intros H i. rewrite table_eq. destruct (inb ds i) eqn:E; auto. unfold slim. cbn. lia.
Qed.

(* Greater bounds are kept, too. *)
Lemma fair_max n a b t : fair n a t \/ fair n b t -> fair n (bmax a b) t.
Proof.
  unfold fair. simpl.
  pose proof (fun f => cev_max_l (f a) (f b) n) as L.
  pose proof (fun f => cev_max_r (f a) (f b) n) as R.
  pose proof (L b_fan); pose proof (L b_thr); pose proof (L b_weight); pose proof (L b_at).
  pose proof (R b_fan); pose proof (R b_thr); pose proof (R b_weight); pose proof (R b_at).
  intros [[A B] | [A B]]; (split; [lia |]); destruct t; auto; lia.
Qed.

(* A comparison keeps to the bounds of its sum. *)
Lemma fair_thr n s t k w c a :
  slim (cev k n) (cev w n) c s -> Z.abs_nat t + c <= cev a n ->
  fair n (bthr k w a) (snd (thr s t)).
Proof.
  intros (K & W & C) A. unfold fair, thr. simpl. rewrite map_length.
  repeat split; auto. lia.
Qed.

(* An AND keeps to the bounds of its literals. *)
Lemma fair_and n k ls : length ls <= cev k n -> fair n (band k) (TAnd ls).
Proof. intro. split; [simpl; now rewrite map_length | exact I]. Qed.

(* A literal that took another in keeps to the bounds. *)
Lemma fair_take n b x y : fair n b (snd x) -> fair n (btake b) (snd (take x y)).
Proof.
  intro H.
  assert (D : fair n (btake b) (TAnd [x; y])).
  { split; auto. simpl. apply cev_max. left. rewrite cev_c. lia. }
  destruct x as [[|] [| ls | | ws t]]; auto; unfold fair in *; simpl in *.
  - destruct H as [H _]. split; auto. apply cev_max. right. rewrite cev_add, cev_c. lia.
  - destruct H as (H & K & W & T). pose proof (most_wsize ws) as M.
    split; [apply cev_max; right | split; [| split]]; rewrite ?cev_add, ?cev_c, ?wsize_cons;
      unfold lit in *; lia.
Qed.

(* Conjunctions keep to the bounds. *)
Lemma fair_conj n m a b x y :
  fair n a (snd x) -> fair n b (snd y) -> fair n (bconj m a b) (snd (conj m x y)).
Proof.
  intros A B. destruct m; simpl; auto using fair_take.
  apply fair_and. rewrite cev_c. auto.
Qed.

(* Values that are not there agree. *)
Lemma cinv_none n : Cinv n snone cnone vnone.
Proof. constructor; [intro i; unfold slim; cbn; lia | easy]. Qed.

(* Values of weighted gates keep to their bounds. *)
Lemma vthr_cost n s c ds base ts :
  (forall i, slim (cev (s_nt s) n) (cev (c_sum c) n) (cev (c_const c) n) (base, ts i)) ->
  (forall i w, In w (ts i) -> inb ds i = true -> fair n (c_gate c) (snd (snd w))) ->
  Cinv n s c (vthr ds base ts).
Proof.
  intros S F. constructor; simpl; [apply slim_table; auto |].
  intros i l. rewrite table_eq. destruct (inb ds i) eqn:D; [| easy].
  intro H. apply in_map_iff in H. destruct H as (w & <- & H). eauto.
Qed.

(* ---- one operation ---- *)

(* Each operation keeps the invariant, and its gates keep to the bounds. *)
Section Step.
  Variables (n : nat) (senv : list st) (cenv : list cost) (env : list val).
  Hypothesis N : 1 <= n.
  Hypothesis E : forall k, Cinv n (nth k senv snone) (nth k cenv cnone) (nth k env vnone).

  (* The elements of a value. *)
  Let low k i := j_low _ _ _ _ (E k) i.

  (* Comparisons of a maximum. *)
  Lemma comp_fair f a i j e m : Z.abs_nat j <= cev m n ->
    fair n (bcomp (s_nt (nth a senv snone)) (nth a cenv cnone) m)
      (snd (comp n f (nth a env vnone) i j e)).
  Proof.
    intro J. unfold bcomp, comp. set (f' := imap f (i ++ e)).
    eapply fair_thr; [| rewrite !cev_add; apply Nat.add_le_mono; [exact J | apply Nat.le_refl]].
    rewrite !cev_add. apply slim_add; [apply low |].
    rewrite <- (Nat.mul_1_l (cev (c_sum _) n)), <- (Nat.mul_1_l (cev (c_const _) n)).
    apply slim_scale; [auto | apply low].
  Qed.

  (* The gates of an operation keep to the bounds. *)
  Lemma bulk1_ok o m : bounded1 o m -> forall g, In g (gates1 n senv env o) ->
    fair n (bulk1 senv cenv o m) g.
  Proof.
    intros B g H. destruct o; simpl in *; try easy.
    - unfold gthr, steps in H. apply in_flat_map in H. destruct H as (i & _ & H).
      rewrite map_map in H. apply in_map_iff in H. destruct H as (j & <- & J).
      unfold jumpsat in J. apply in_map_iff in J. destruct J as (j' & <- & J).
      eapply fair_thr; [apply low |]. rewrite cev_add. specialize (B j' n i J N).
      cbn [fst]. lia.
    - apply in_flat_map in H. destruct H as (i & _ & H). apply in_map_iff in H.
      destruct H as (l & <- & H). apply in_pairs in H. destruct H as (x & y & X & Y & ->).
      apply (E a) in X. apply (E b) in Y. now apply fair_conj.
    - unfold gthr, quots in H. apply in_flat_map in H. destruct H as (i & _ & H).
      rewrite map_map in H. apply in_map_iff in H. destruct H as (k & <- & K). apply in_seq in K.
      assert (Q : Z.abs_nat (- (lo + 1 + Z.of_nat k)) <= cev (topmost lo m0) n)
        by (unfold cev, topmost; simpl neval; lia).
      eapply fair_thr;
        [rewrite !cev_add, cev_mul; apply slim_add, slim_scale; try apply low; exact Q |].
      rewrite cev_add, cev_mul. auto.
    - apply in_app_iff in H. apply fair_max. destruct H as [H | H]; [left | right].
      + apply in_flat_map in H. destruct H as (i & _ & H).
        apply in_flat_map in H. destruct H as (j & J & H). apply in_map_iff in H.
        destruct H as (e & <- & _). apply comp_fair.
        unfold jumpsat in J. apply in_map_iff in J. destruct J as (j' & <- & J). now apply B.
      + unfold gthr, maxs in H. apply in_flat_map in H.
        destruct H as (i & _ & H). rewrite map_map in H. apply in_map_iff in H.
        destruct H as (j & <- & _). apply fair_and. rewrite map_length, length_box, cev_prod. auto.
  Qed.

  (* The value of an operation keeps to its bounds. *)
  Lemma cost1_ok o m : bounded1 o m ->
    Cinv n (ana1 senv o) (cost1 senv cenv o m) (low1 n senv env o).
  Proof.
    intro B. pose proof (bulk1_ok o m B) as BG.
    destruct o; cbn [ana1 cost1 low1 bulk1 gates1] in *.
    - destruct B as [BW BC]. constructor; simpl.
      + apply slim_table. intros i I.
        rewrite cev_add, !cev_mul, cev_prod. fold (dims n ssh).
        rewrite <- length_box.
        apply (slim_add 0 0); [unfold slim; cbn; specialize (BC n i N I); lia |].
        set (g := fun e => _). rewrite <- (map_length g). apply slim_sum. subst g.
        intros s S. apply in_map_iff in S. destruct S as (e & <- & S).
        apply slim_scale; [| apply low]. apply BW; auto. rewrite inb_app by (now apply inb_length).
        rewrite I. now apply in_box.
      + intros i l H. apply in_flat_map in H. destruct H as (e & _ & H). now apply (E a) in H.
    - constructor; simpl.
      + apply slim_table. intros i _. rewrite !cev_add. apply slim_add; apply low.
      + intros i l H. apply fair_max. apply in_app_iff in H.
        destruct H as [H | H]; [apply (E a) in H | apply (E b) in H]; auto.
    - apply vthr_cost; simpl.
      + intro i. unfold slim, steps, jumpsat, wsize. cbn [fst snd].
        rewrite !map_length, !map_map, cev_c, cev_sizes, cev_abs, map_map. auto.
      + intros i w W D. apply BG. unfold gthr. apply in_flat_map. exists i.
        split; [now apply in_box | now apply (in_map (fun w => snd (snd w)))].
    - constructor; simpl.
      + apply slim_table. intros i _. rewrite !cev_mul, !cev_add, !cev_mul, cev_prod.
        fold (dims n ssh). rewrite <- length_box.
        set (g := fun e => _). rewrite <- (map_length g). apply slim_sum. subst g.
        intros s S. apply in_map_iff in S. destruct S as (e & <- & S).
        apply slim_mul; apply low.
      + intros i l. rewrite table_eq. destruct (inb (dims n osh) i); [| easy].
        rewrite in_flat_map. intros (e & _ & H). rewrite !in_app_iff in H. apply fair_max.
        destruct H as [H | [H | H]]; [left | left | right].
        * apply fair_max. left. now apply (E a) in H.
        * apply fair_max. right. now apply (E b) in H.
        * apply in_pairs in H. destruct H as (x & y & X & Y & ->).
          apply (E a) in X. apply (E b) in Y. now apply fair_conj.
    - apply vthr_cost; simpl.
      + intro i. unfold slim, quots, wsize. cbn [fst snd].
        rewrite map_length, seq_length, map_map, cev_c, cev_abs. cbn [fst].
        repeat split; auto.
        rewrite <- (seq_length m0 0) at 2. rewrite <- Nat.mul_1_r. now apply sum_le.
      + intros i w W D. apply BG. unfold gthr. apply in_flat_map. exists i.
        split; [now apply in_box | now apply (in_map (fun w => snd (snd w)))].
    - apply vthr_cost; simpl.
      + intro i. unfold slim, maxs, jumpsat, wsize. cbn [fst snd].
        rewrite !map_length, !map_map, cev_c, cev_sizes, cev_abs, map_map. auto.
      + intros i w W _. unfold maxs in W. apply in_map_iff in W. destruct W as (j & <- & _).
        apply fair_and. rewrite map_length, length_box, cev_prod. auto.
  Qed.

  (* The wires of an operation are no more than are counted. *)
  Lemma wires1_ok o m : bounded1 o m -> length (gates1 n senv env o) <= cev (count1 senv o) n ->
    (forall k, v_sh (nth k env vnone) = dims n (s_sh (nth k senv snone))) ->
    list_sum (map (fun g => length (kids g)) (gates1 n senv env o)) <= cev (wires1 senv cenv o m) n.
  Proof.
    intros B L D.
    assert (U : list_sum (map (fun g => length (kids g)) (gates1 n senv env o)) <=
      cev (nmul (count1 senv o) (b_fan (bulk1 senv cenv o m))) n).
    { rewrite cev_mul. eapply Nat.le_trans; [| apply Nat.mul_le_mono_r; exact L].
      apply sum_le. intros g G. now apply (bulk1_ok o m). }
    destruct o; auto. clear U L. simpl. rewrite map_app, list_sum_app, D.
    rewrite !cev_mul, !cev_add, !cev_prod, !cev_c. fold (dims n ssh).
    set (s := nth a senv snone). fold (dims n (s_sh s)).
    set (k := cev (s_nt s) n). unfold comps, gthr.
    rewrite !sum_flat, <- (length_box (dims n (s_sh s))).
    match goal with |- ?x + ?y <= ?l * (?j * (?e * (?k + 1))) =>
      enough (x <= l * (j * (e * k)) /\ y <= l * (j * e)) by lia end.
    split; apply sum_le; intros i _.
    - rewrite sum_flat.
      replace (length jumps) with (length (jumpsat jumps n i)) by apply map_length.
      apply sum_le. intros j J. rewrite map_map, <- length_box.
      apply sum_le. intros e _. apply in_map_iff in J. destruct J as (j' & <- & J).
      destruct (comp_fair f a i (cval (fst j') n i) e _ (B j' n i J N)) as [F _].
      simpl in F. rewrite cev_add in F. exact F.
    - unfold maxs. rewrite !map_map.
      replace (length jumps) with (length (jumpsat jumps n i)) by apply map_length.
      apply sum_le. intros j _. simpl. rewrite !map_length, length_box. auto.
  Qed.
End Step.

(* ---- programs ---- *)

(* Values that agree may be followed by one more that does. *)
Lemma cenvs_snoc n senv cenv env s c v :
  length env = length senv -> length cenv = length senv ->
  (forall k, Cinv n (nth k senv snone) (nth k cenv cnone) (nth k env vnone)) -> Cinv n s c v ->
  forall k, Cinv n (nth k (senv ++ [s]) snone) (nth k (cenv ++ [c]) cnone)
    (nth k (env ++ [v]) vnone).
Proof.
  intros L1 L2 E V k. destruct (Nat.lt_trichotomy k (length senv)) as [K | [K | K]].
  - rewrite !app_nth1 by lia. apply E.
  - rewrite !app_nth2 by lia. rewrite L1, L2, K, Nat.sub_diag. exact V.
  - rewrite !nth_overflow by (rewrite app_length; simpl; lia). apply cinv_none.
Qed.

(* The wires and the gates of any list of operations keep to the bounds. *)
Lemma costs1_ok n x ni ops : 1 <= n -> forall ms senv cenv env tenv G count lev p d w b w' b',
  Forall2 bounded1 ops ms -> topo ni G -> Envs n x ni G senv env tenv ->
  length cenv = length senv ->
  (forall k, Cinv n (nth k senv snone) (nth k cenv cnone) (nth k env vnone)) ->
  anas ops senv count lev = Some (p, d) -> costs1 ops ms senv cenv w b = Some (w', b') ->
  list_sum (map (fun g => length (kids g)) G) <= cev w n -> (forall g, In g G -> fair n b g) ->
  let H := snd (lowers n ops senv env G) in
  list_sum (map (fun g => length (kids g)) H) <= cev w' n /\ (forall g, In g H -> fair n b' g).
Proof.
  intro N.
  induction ops as [| o ops IH]; intros ms senv cenv env tenv G count lev p d w b w' b'
    B T E L C A K W F; simpl in *.
  - inversion B; subst. injection K as <- <-. auto.
  - inversion B as [| ? m ? ms' B1 B2]; subst.
    destruct (ok1 senv o) eqn:O; [| easy].
    destruct (step1_ok n x ni G senv env tenv o N T E O) as (T' & S & _ & I).
    eapply IH; [exact B2 | exact T' | | | | exact A | exact K | |].
    + eapply envs_snoc; eauto. intros; apply in_or_app; auto.
    + rewrite !app_length. simpl. lia.
    + apply cenvs_snoc; auto; [apply E | now apply cost1_ok].
    + rewrite map_app, list_sum_app, cev_add. apply Nat.add_le_mono; auto.
      apply wires1_ok; auto. intro k. apply E.
    + intros g G'. apply fair_max. apply in_app_iff in G'.
      destruct G' as [G' | G']; [left; auto | right; eapply bulk1_ok; eauto].
Qed.

(* An input keeps to its bounds. *)
Lemma cost0_ok a n o : Cinv n (st0 a) (cost0 a) (low0 a n o).
Proof.
  apply vthr_cost.
  - intro i. unfold slim, cost0, st0, wsize. cbn [fst snd s_nt c_sum c_const].
    rewrite map_length, seq_length, cev_c, cev_sizes, cev_abs, !map_map. auto.
  - intros i w W _. apply in_map_iff in W. destruct W as (b & <- & _).
    split; [apply Nat.le_0_l | exact I].
Qed.

(* So do all inputs. *)
Lemma costs0_ok n ins : forall o k,
  Cinv n (nth k (map st0 ins) snone) (nth k (map cost0 ins) cnone) (nth k (lows0 ins n o) vnone).
Proof.
  induction ins as [| a ins IH]; intros o [| k]; simpl; try apply cinv_none;
    [apply cost0_ok | apply IH].
Qed.

(* ---- results ---- *)

(* The wires of the flat circuit are those of its trees. *)
Lemma wires_number ni G os :
  wires (circuit_of ni G os) = list_sum (map (fun g => length (kids g)) G).
Proof.
  unfold wires, circuit_of, number. simpl. rewrite map_map. f_equal. apply map_ext.
  intro g. now rewrite gargs_number1, map_length.
Qed.

(* A gate of the flat circuit keeps to the bounds of its tree. *)
Lemma fair_number n b G t : fair n b t -> let g := number1 G t in
  fan_in g <= cev (b_fan b) n /\ gweight g <= cev (b_weight b) n /\
  (~ simple_gate g -> fan_in g <= cev (b_thr b) n).
Proof.
  intros [K H] g. subst g. unfold fan_in. rewrite gargs_number1, map_length.
  split; [exact K |].
  destruct t; simpl; try (split; [lia | tauto]). destruct H as (L & W & _). split.
  - eapply Nat.le_trans; [| exact W]. unfold wsize. rewrite map_map. auto.
  - simpl in K. rewrite map_length in *. auto.
Qed.

(* For every n the circuit of p has at most w wires; no gate reads more than f wires; and no
   threshold gate reads more than k, or has weights of a sum above m. *)
Definition within_cost (p : prog) (w f k m : npoly) : Prop :=
  forall n, 1 <= n -> let c := compile p n in
  (N.of_nat (wires c) <= neval w (N.of_nat n))%N /\
  forall g, In g (gates c) ->
    (N.of_nat (fan_in g) <= neval f (N.of_nat n))%N /\
    (N.of_nat (gweight g) <= neval m (N.of_nat n))%N /\
    (~ simple_gate g -> (N.of_nat (fan_in g) <= neval k (N.of_nat n))%N).

(* The reading is right. *)
Theorem costs_ok p ms w f k m :
  bounded p ms -> analyse p <> None -> costs p ms = Some (w, f, k, m) -> within_cost p w f k m.
Proof.
  intros B A C n N c. unfold costs in C.
  destruct (analyse p) as [[count lev] |] eqn:A1; [clear A | easy].
  destruct (costs1 _ _ _ _ _ _) as [[w' b] |] eqn:C1; [| easy]. injection C as <- <- <- <-.
  destruct (costs1_ok n (fun _ => false) (ninputs p n) (p_ops p) N ms (map st0 (p_ins p))
    (map cost0 (p_ins p)) (lows0 (p_ins p) n 0) (sems0 (p_ins p) n 0 (fun _ => false))
    [] [] 0 count lev [] bulk0 w' b B (topo_nil _)) as [W F].
  - now apply lows0_ok.
  - now rewrite !map_length.
  - apply costs0_ok.
  - exact A1.
  - exact C1.
  - simpl. lia.
  - easy.
  - subst c. unfold compile. rewrite wires_number. unfold lowered. unfold cev in *.
    split; [lia |]. intros g G. simpl in G. unfold number in G. apply in_map_iff in G.
    destruct G as (t & <- & G). apply F in G.
    destruct (fair_number _ _ (snd (lowers n (p_ops p) (map st0 (p_ins p))
      (lows0 (p_ins p) n 0) [])) _ G) as (X & Y & Z).
    unfold cev in *. split; [lia | split; [lia |]]. intro S. specialize (Z S). lia.
Qed.
Print Assumptions costs_ok.
